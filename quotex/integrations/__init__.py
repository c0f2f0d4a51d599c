"""quotex inside other tools. Each module is imported by name and needs the library that it is named after."""
