"""Files of users about the world: schools, organisations and ties, declared, read and checked."""
