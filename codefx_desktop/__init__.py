"""CodeFx Desktop: takes pit stops apart on video, on an offline trackside laptop."""

__version__ = "0.1.0"
