"""One more way in, for programs: one folder per version. May import what every feature folder may."""
