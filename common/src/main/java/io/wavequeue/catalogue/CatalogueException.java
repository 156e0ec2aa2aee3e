package io.wavequeue.catalogue;

/** The catalogue cannot be loaded. The message names the file, the place in it (a JSON pointer) and the reason. */
public final class CatalogueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CatalogueException(String file, String pointer, String reason) {
        super("catalogue file " + file + (pointer.isEmpty() ? "" : ", at " + pointer) + ": " + reason);
    }

    CatalogueException(String message, Throwable cause) {
        super(message, cause);
    }

    CatalogueException(String message) {
        super(message);
    }
}
