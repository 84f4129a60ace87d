"""Small files in the layouts of the official ones, made for tests: every code and figure is made up."""

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

# The header of the directory since 2025 and before it, as the ONS orders them.
_SINCE_2025 = (
    "pcd7,pcd8,pcds,dointr,doterm,cty25cd,ced25cd,lad25cd,wd25cd,parncp25cd,usrtypind,east1m,north1m,"
    "gridind,hlth19cd,nhser24cd,ctry25cd,rgn25cd,ssr95cd,pcon24cd,eer20cd,educ23cd,ttwa15cd,pco19cd,"
    "itl25cd,wdstl05cd,oa01cd,wdcas03cd,npark16cd,lsoa01cd,msoa01cd,ruc01ind,oac01ind,oa11cd,lsoa11cd,"
    "msoa11cd,wz11cd,bua24cd,ruc11ind,oac11ind,lat,long,lep21cd1,lep21cd2,pfa23cd,imd20ind,cal24cd,"
    "oa21cd,lsoa21cd,msoa21cd,ruc21ind,icb23cd,sicbl24cd"
)
_BEFORE_2025 = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,"
    "oshlthau,nhser,ctry,rgn,streg,pcon,eer,teclec,ttwa,pct,nuts,statsward,oa01,casward,park,lsoa01,"
    "msoa01,ur01ind,oac01,oa11,lsoa11,msoa11,wz11,ccg,bua22,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,"
    "calncv,icb,oa21,lsoa21,msoa21,ru21ind"
)
ONSPD_2025, ONSPD_BEFORE = _SINCE_2025.split(","), _BEFORE_2025.split(",")
_NAMES_BEFORE = {
    "lad25cd": "oslaua", "wd25cd": "osward", "ctry25cd": "ctry", "rgn25cd": "rgn", "gridind": "osgrdind",
    "lsoa11cd": "lsoa11", "lsoa21cd": "lsoa21", "msoa21cd": "msoa21", "icb23cd": "icb",
    "sicbl24cd": "ccg", "ruc21ind": "ru21ind",
}  # fmt: skip


def postcode(pcds: str, lat: str = "53.4246", long: str = "-2.3220", **others: str) -> dict[str, str]:
    return {
        "pcds": pcds, "dointr": "198001", "doterm": "", "lat": lat, "long": long, "gridind": "1",
        "lad25cd": "E08000009", "wd25cd": "E05000836", "ctry25cd": "E92000001", "rgn25cd": "E12000002",
        "lsoa11cd": "E01006001", "lsoa21cd": "E01006001", "msoa21cd": "E02001261", "icb23cd": "E54000057",
        "sicbl24cd": "E38000187", "ruc21ind": "UN1", **others,
    }  # fmt: skip


POSTCODES = [
    postcode("M33 7XX"),
    postcode("M33 7XY", "53.4301", "-2.3300", lsoa21cd="E01006002", lsoa11cd="E01006002"),
    postcode("M33 7XZ", "53.4302", "-2.3301", lsoa21cd="E01006002", lsoa11cd="E01006001"),
    postcode("M33 2AA", doterm="200501"),
    postcode("BT1 5GS", "54.5966", "-5.9301", lad25cd="N09000003", ctry25cd="N92000002", rgn25cd="N99999999",
             lsoa21cd="N20000001", lsoa11cd="95GG01S1", icb23cd="N99999999"),
    postcode("JE2 3AB", "99.999999", "0.000000", lad25cd="L99999999", gridind="9"),
    postcode("M34 9ZZ", gridind="8"),
]  # fmt: skip


def onspd(path: Path, rows: Sequence[dict[str, str]] = POSTCODES, *, before: bool = False) -> Path:
    header = ONSPD_BEFORE if before else ONSPD_2025
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        for row in rows:
            writer.writerow({_NAMES_BEFORE.get(k, k) if before else k: v for k, v in row.items()})
    return path


def zipped(path: Path, *files: Path, inside: str = "Data") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"{inside}/{file.name}")
        archive.writestr("Documents/about.txt", "nothing to read")
    return path


FILE_7_HEADER = [
    "LSOA code (2021)", "LSOA name (2021)", "Local Authority District code (2024)",
    "Local Authority District name (2024)", "Index of Multiple Deprivation (IMD) Score",
    "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
    "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    "Income Score (rate)", "Income Rank (where 1 is most deprived)",
    "Income Decile (where 1 is most deprived 10% of LSOAs)",
    "Children and Young People Sub-domain Score",
    "Children and Young People Sub-domain Rank (where 1 is most deprived)",
    "Income Deprivation Affecting Children Index (IDACI) Score (rate)",
    "Income Deprivation Affecting Children Index (IDACI) Rank (where 1 is most deprived)",
    "Total population: mid 2022",
]  # fmt: skip
FILE_7_ROWS = [
    ["E01006001", "Trafford 001A", "E08000009", "Trafford", "12.5", "20114.00", "6", "0.08", "19000", "6",
     "-0.3", "21000", "0.11", "18500", "1601"],
    ["E01006002", "Trafford 001B", "E08000009", "Trafford", "48.1", "1502", "1", "0.31", "1100", "1",
     "1.2", "900", "0.42", "800", "1498"],
]  # fmt: skip


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def ons_workbook(path: Path, years: Sequence[int] = (2023, 2024)) -> Path:
    """An ONS small-area workbook: cover sheets, three lines over the header, women and men by age."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Cover sheet"
    for year in years:
        sheet = book.create_sheet(f"Mid-{year} LSOA 2021")
        for line in ("A made-up title", "A note", ""):
            sheet.append([line])
        ages = [*(f"F{n}" for n in range(91)), *(f"M{n}" for n in range(91))]
        sheet.append(["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total", *ages])
        for number, code in enumerate(("E01006001", "E01006002"), 1):
            people = [number + (year - 2023)] * 182
            sheet.append(["E08000009", "Trafford", code, f"Trafford 00{number}A", sum(people), *people])
    book.save(path)
    return path
