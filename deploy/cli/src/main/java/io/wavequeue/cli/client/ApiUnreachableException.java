package io.wavequeue.cli.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** Nobody answered at the address, after the retries. */
public final class ApiUnreachableException extends ApiException {

    private static final long serialVersionUID = 1L;

    private final String address;
    private final String reason;

    ApiUnreachableException(ApiAddress address, IOException cause) {
        super("nothing answers at " + address + " (" + reason(cause) + ")", cause);
        this.address = address.base();
        this.reason = reason(cause);
    }

    /** The address that was tried. */
    public String address() {
        return address;
    }

    /** What happened, in a few words: "connection refused". */
    public String reason() {
        return reason;
    }

    private static String reason(IOException cause) {
        // java.net.http hides an unknown host two causes down and gives its ConnectException no message
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        return switch (cause) {
            case HttpConnectTimeoutException e -> "no connection in time";
            case HttpTimeoutException e -> "no answer in time";
            case ConnectException e -> "connection refused";
            default -> cause.getMessage() == null ? "connection broken" : cause.getMessage();
        };
    }
}
