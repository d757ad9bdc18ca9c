"""What every REST door shares: problems, scopes, pages, parameters, tables, the description of it all."""
