"""What OpenAI's models cost, as data: US dollars for a million tokens.

Answers the cost of an answer where the price is known. Another server's prices are not: its tokens
are counted, its cost stays 0.
"""

from __future__ import annotations

from typing import Final

PRICES: Final[dict[str, tuple[float, float]]] = {
    "gpt-4.1": (2.00, 8.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4o": (2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.60),
}
"""Model -> dollars for a million tokens in, out, at the standard rate without a cache.

Source: https://openai.com/api/pricing, as published with these models (April 2025); a changed
price is changed here.
"""


def cost_microdollars(model: str, input_tokens: int, output_tokens: int) -> int:
    """Millionths of a US dollar, rounded up; 0 where the model's price is not known.

    A dated model ("gpt-4.1-mini-2025-04-14") costs what its name costs.
    """
    known = [name for name in PRICES if model == name or model.startswith(f"{name}-20")]
    if not known:
        return 0
    per_token_in, per_token_out = PRICES[known[0]]
    return -int(-(input_tokens * per_token_in + output_tokens * per_token_out) // 1)
