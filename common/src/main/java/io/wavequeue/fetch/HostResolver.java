package io.wavequeue.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds a host's IP addresses; injected, so that tests need no names. */
@FunctionalInterface
public interface HostResolver {
    /** At least one. */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
