"""The import pipeline as screens: upload, columns, rehearsal, job, result, undo; and exports."""
