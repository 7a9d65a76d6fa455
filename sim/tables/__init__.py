"""Tables of users: what each must hold, how a file becomes checked columns, and what makes two names the same."""
