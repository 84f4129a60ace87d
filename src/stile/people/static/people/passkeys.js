/* Passkeys: the one part of signing in that needs a script. It asks the page's own site what to ask the device,
   hands the answer back, and goes where the site says. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential) {
    document.querySelectorAll("[data-passkey], [data-passkey-new]").forEach((button) => { button.closest(".needs-js").hidden = true; });
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function post(url, body) {
    const answer = await fetch(url, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body || {}) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.words);
    return said;
  }

  async function make(button) {
    const asked = (await post(button.dataset.passkeyNew)).publicKey;
    asked.challenge = bytes(asked.challenge);
    asked.user.id = bytes(asked.user.id);
    asked.excludeCredentials = (asked.excludeCredentials || []).map((one) => ({ ...one, id: bytes(one.id) }));
    const made = await navigator.credentials.create({ publicKey: asked });
    return post(button.dataset.answer, { passkey: {
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) },
    } });
  }

  async function show(button) {
    const asked = (await post(button.dataset.passkey)).publicKey;
    asked.challenge = bytes(asked.challenge);
    const given = await navigator.credentials.get({ publicKey: asked });
    const shared = document.querySelector("input[name=shared]");
    return post(button.dataset.answer, { ...(shared ? { shared: shared.checked } : {}), passkey: {
      id: given.id, rawId: text(given.rawId), type: given.type,
      response: {
        clientDataJSON: text(given.response.clientDataJSON), authenticatorData: text(given.response.authenticatorData),
        signature: text(given.response.signature), userHandle: text(given.response.userHandle),
      },
    } });
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey], [data-passkey-new]");
    if (!button) return;
    const said = button.closest("div").querySelector("[data-passkey-said]");
    button.disabled = true;
    try {
      const done = await (button.dataset.passkeyNew ? make(button) : show(button));
      location.assign(done.to);
    } catch (wrong) {
      said.textContent = wrong instanceof DOMException || !wrong.message ? button.dataset.wrong : wrong.message;
      button.disabled = false;
      button.focus();
    }
  });
})();
