"""The database: base and types of the tables, the engine for both editions, and the unit of work."""
