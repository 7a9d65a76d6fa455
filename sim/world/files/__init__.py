"""Files of users about the world: schools, organisations and ties, with their forms, readers and checks."""
