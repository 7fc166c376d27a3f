"""The least that an answer costs on the same server: a WSGI application that only sends what it holds, by number.

ANSWERS names a folder in which each file `N.json` has the headers of an answer and `N` its body.
"""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["ANSWERS"])
ANSWERS = {
    f"/{file.stem}": (
        [(name, value) for name, value in json.loads(file.read_text())],
        [file.with_suffix("").read_bytes()],
    )
    for file in FOLDER.glob("*.json")
}


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return body
