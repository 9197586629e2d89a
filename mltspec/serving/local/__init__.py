"""A small server for rehearsals: two protocols, versions as folders, hot load. Not a production binary."""
