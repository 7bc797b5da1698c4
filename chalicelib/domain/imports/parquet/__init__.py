"""Apache Parquet, read row by row: as much of the format as other writers use, in little memory.

By hand, as the libraries that read it are larger than a function's package may be, or not built for it. The
specification is Apache's `parquet-format`; what is not in it is refused by name, never guessed.
"""

from chalicelib.domain.imports.parquet.layout import ParquetError
from chalicelib.domain.imports.parquet.rows import ParquetFile

__all__ = ["ParquetError", "ParquetFile"]
