// A process that serves nothing.
