"""How long the client waits before it tries again."""

import random

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0

GOING_AWAY = 1001
GONE = 1006
MALFORMED = {1002, 1007, 1009, 4400}
LOGGED_OUT = 4411
NEEDS_TOKEN = {4401, 4410}
AT_ONCE = {4413, 4421, *NEEDS_TOKEN}
TOO_MANY = 4429


def backoff(tries: int) -> float:
    """Random, so that not all clients come at the same time; longer from try to try."""
    return random.uniform(0, min(LONGEST_SECONDS, FIRST_SECONDS * 2**tries))


def before_reconnect(code: int, tries: int) -> float | None:
    """The table of close codes. None: the client does not come back by itself."""
    if code in MALFORMED or code == LOGGED_OUT:
        return None
    if code == TOO_MANY:
        return random.uniform(10, 20)
    if tries == 0 and code in AT_ONCE:
        return 0.0
    if tries == 0 and code == GOING_AWAY:
        return random.uniform(0, 2)
    return backoff(tries)
