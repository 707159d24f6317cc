"""How fast the product is, as ratios within one run. `make bench` runs it; docs/performance.md explains it."""
