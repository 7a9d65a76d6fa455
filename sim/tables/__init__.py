"""Tables of users: their forms, the reading of files into checked columns, and the identity of names."""
