"""Ask the site for a great many strange things as everybody, and look for what leaks: `make fuzz`.

python tools/fuzz.py [REQUESTS] [SEED]      20,000 requests, another seed each time, unless said otherwise

The seed is printed: with it the same run can be had again. Ends with 1 on a leak or a broken page.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    requests = sys.argv[1] if len(sys.argv) > 1 else "20000"
    seed = sys.argv[2] if len(sys.argv) > 2 else str(secrets.randbelow(10**9))
    print(f"{requests} requests with seed {seed} (python tools/fuzz.py {requests} {seed})", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-s", "--tb=short", "tests/fuzz/test_fuzz.py"],
        cwd=ROOT, env={**os.environ, "STILE_FUZZ": requests, "STILE_FUZZ_SEED": seed}, check=False,
    )  # fmt: skip
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
