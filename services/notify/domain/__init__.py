"""The rules of notification: who is told, in what form, when again, and what is refused. No I/O."""
