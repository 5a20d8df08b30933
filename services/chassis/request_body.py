"""Reading a request's body, but never more than a limit."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """The body is larger than what is read; `most` is the limit in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The body is larger than the {most} bytes that are read: send less.")
        self.most = most


async def read_body(request: Request, most: int) -> bytes:
    """Read the whole body; raises BodyTooLarge as soon as it is known to be larger than `most` bytes."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:12]) > most:
        raise BodyTooLarge(most)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise BodyTooLarge(most)
    return bytes(body)


def media_type(request: Request) -> str:
    """Give the media type of the body, without its parameters; "" when none was named."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
