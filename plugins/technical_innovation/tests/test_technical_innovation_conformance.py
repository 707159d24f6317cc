"""The contest kind against the core that is installed."""

from judging.testing.conformance import ContestPluginConformance
from judging_technical_innovation import plugin


class TestConformance(ContestPluginConformance):
    plugin = plugin
