"""Selenium's way to Firefox without geckodriver, which neither Debian nor PyPI has: Firefox's own Marionette protocol.

geckodriver turns WebDriver's HTTP into the same commands: see testing/geckodriver and remote/marionette in Firefox's source.
"""

import json
import socket
from itertools import count
from typing import Any

from selenium.webdriver.remote.command import Command

COMMANDS = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.SET_TIMEOUTS: "WebDriver:SetTimeouts",
    Command.GET: "WebDriver:Navigate",
    Command.GET_CURRENT_URL: "WebDriver:GetCurrentURL",
    Command.GO_BACK: "WebDriver:Back",
    Command.GO_FORWARD: "WebDriver:Forward",
    Command.REFRESH: "WebDriver:Refresh",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "WebDriver:ExecuteAsyncScript",
    Command.GET_WINDOW_RECT: "WebDriver:GetWindowRect",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.GET_ELEMENT_TEXT: "WebDriver:GetElementText",
    Command.CLEAR_ELEMENT: "WebDriver:ElementClear",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.QUIT: "Marionette:Quit",
}


class Marionette:
    """What `selenium.webdriver.Remote` takes as its command_executor."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._answers = self._socket.makefile("rb")
        self._numbers = count()
        self._receive()  # the browser introduces itself

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        # NewSession takes what is inside "capabilities"; every other command ignores the session's id.
        params = params["capabilities"] if command == Command.NEW_SESSION else params
        message = json.dumps([0, next(self._numbers), COMMANDS[command], params]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            return {"status": 500, "value": json.dumps({"value": error})}
        return {"value": result.get("value", result)}

    def close(self) -> None:
        self._answers.close()
        self._socket.close()

    def _receive(self) -> Any:
        length = b""
        while (digit := self._answers.read(1)) != b":":
            if not digit:
                raise ConnectionError("Firefox has gone")
            length += digit
        return json.loads(self._answers.read(int(length)))
