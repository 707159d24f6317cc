"""The contest kind against the core that is installed."""

from judging.testing.conformance import ContestPluginConformance
from judging_youth_creativity import plugin


class TestConformance(ContestPluginConformance):
    plugin = plugin
