"""Product lines: the list, and the forms to add, change and end one."""
