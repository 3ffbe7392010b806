import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from coordinator import log

# No deadline, and no complaint about slow data: a loaded machine is not a bug in what is tested.
# The same examples every time in CI, new ones at every desk.
settings.register_profile(
    "default",
    max_examples=25,  # at every desk and in every run others; whoever wants many asks for soak
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("soak", settings.get_profile("default"), max_examples=2_000, derandomize=False)
settings.load_profile("default")  # --hypothesis-profile, read later, wins


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite the golden files instead of comparing")


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """A command sets up logs for its process; here it does so for its own test only."""
    log.get("tests")  # ours, if nobody has set up any
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether to write what came out to the golden file, instead of comparing the two."""
    return bool(request.config.getoption("--update-goldens"))
