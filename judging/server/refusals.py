"""What is said to whoever never came as far as the application, byte for byte."""

from __future__ import annotations


def _refusal(status: str, sentence: str, *more: str) -> bytes:
    body = sentence.encode()
    head = (
        f"HTTP/1.1 {status}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
        f"Content-Length: {len(body)}",
        *more,
    )
    return "\r\n".join((*head, "", "")).encode() + body


# No reader's language is known here, so both are spoken.
TOO_SLOW = _refusal(
    "408 Request Timeout",
    "Kết nối quá chậm nên máy chủ đã dừng nhận. Bạn hãy gửi lại khi mạng tốt hơn.\n"
    "The request came too slowly. Send it again when the network is better.\n",
)
BUSY = _refusal(
    "503 Service Unavailable",
    "Máy chủ đang nhận quá nhiều dữ liệu. Bạn hãy thử lại sau ít phút.\n"
    "Very much is arriving just now. Try again in a moment.\n",
    "Retry-After: 5",
)
HEAD_TOO_LARGE = _refusal(
    "431 Request Header Fields Too Large",
    "Phần đầu của yêu cầu quá dài.\nThe head of the request is too long.\n",
)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
