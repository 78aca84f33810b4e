"""Files for other software, one writer a form; the entries are loaded when one is asked for."""

from __future__ import annotations

from govcode.registry import Registry

EXPORTERS = Registry(
    "export form",
    {
        "xlsx": "govcode.writers.export.excel:write",
        "dta": "govcode.writers.export.stata:write",
        "sav": "govcode.writers.export.spss:write",
        "parquet": "govcode.writers.export.plain:write",
        "csv": "govcode.writers.export.plain:write_for_r",
        "tsv": "govcode.writers.export.plain:write",
        "jsonl": "govcode.writers.export.plain:write",
        "qdpx": "govcode.writers.export.refi:write",
        "qdc": "govcode.writers.export.refi:write_codebook",
        "labelstudio": "govcode.writers.export.labelling:write_label_studio",
        "doccano": "govcode.writers.export.labelling:write_doccano",
    },
)
