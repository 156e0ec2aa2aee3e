package io.wavequeue.local;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Where the API listens. */
record Listening(String host, InetAddress address, int port) {
    private static final String API_KEY = "WAVEQUEUE_API_KEY";

    /**
     * Checks what was asked for before anything is started.
     *
     * @param apiKey empty where none is set; without one only this machine may call
     */
    static Listening at(String host, int port, String apiKey) throws CannotStartException {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CannotStartException("--host " + host + " is not an address of this machine.");
        }
        if (!address.isLoopbackAddress() && apiKey.isBlank()) {
            throw new CannotStartException("--host " + host + " lets other machines in: set " + API_KEY
                    + " to the bearer token that they must send.");
        }
        Ports.take(port);
        return new Listening(host, address, port);
    }

    void requireFree() throws CannotStartException {
        if (!Ports.isFree(address, port)) {
            throw new CannotStartException(
                    "Port %d of %s is busy: stop what listens there, or name another port with --port."
                            .formatted(port, host));
        }
    }

    /** The address to call from this machine. */
    URI url() {
        if (address.isAnyLocalAddress()) {
            return URI.create("http://" + Command.LOOPBACK + ":" + port);
        }
        var literal = address.getHostAddress().replaceAll("%.*$", "");
        return URI.create("http://" + (address instanceof Inet6Address ? "[" + literal + "]" : literal) + ":" + port);
    }
}
