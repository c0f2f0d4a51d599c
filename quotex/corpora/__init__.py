"""`quotex run`: the quotations of a whole archive, in parts, in several processes, to be gone on with after a stop."""
