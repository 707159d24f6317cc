"""The contest kind against the core that is installed."""

from judging_youth_creativity import plugin

from judging.testing.conformance import ContestPluginConformance


class TestConformance(ContestPluginConformance):
    plugin = plugin
