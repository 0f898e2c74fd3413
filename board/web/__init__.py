"""HTTP in, calls out: pages and the interface. No queries, no rules of the office."""
