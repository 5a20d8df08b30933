"""How the token endpoint refuses: RFC 6749 section 5.2."""

from typing import Final

from starlette.responses import JSONResponse

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenNotIssued(Exception):
    """The request gets no token; `error` is OAuth's code, the text says what to change."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """Take OAuth's code, an explanation and the HTTP status."""
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

    def answer(self) -> JSONResponse:
        """Write the refusal as OAuth does."""
        headers = dict(NO_STORE)
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="samplan demo"'
        if self.status == 503:
            headers["Retry-After"] = "1"
        body = {"error": self.error, "error_description": self.description}
        return JSONResponse(body, self.status, headers)
