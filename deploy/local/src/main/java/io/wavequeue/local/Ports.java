package io.wavequeue.local;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of the loopback address.
 *
 * <p>A port is named to a server seconds before the server binds it. So that no other JVM of this machine names the same
 * one meanwhile, ports are given out of blocks that belong to one JVM: it holds the UDP port with the number of the
 * block's first for as long as it runs, and the system gives that back however the JVM ends.
 */
public final class Ports {
    // Below the range from which systems number outgoing connections: a server that is restarted finds its port again.
    private static final int LOWEST = 20_000;
    private static final int BLOCKS = 300;
    static final int BLOCK = 40;

    private static final Ports OF_THIS_JVM =
            new Ports(ThreadLocalRandom.current().nextInt());

    private final Random random;
    // Referred to for as long as this is: the system closes a socket that is garbage.
    private final List<DatagramSocket> blocks = new ArrayList<>();
    private final Set<Integer> named = new HashSet<>();
    private int next;
    private int end;

    /** @param seed of the order in which blocks are tried */
    Ports(int seed) {
        this.random = new Random(seed);
    }

    /** A port that nobody listens on; it is given once, and while this JVM runs to no other. */
    public static int free() {
        return OF_THIS_JVM.give();
    }

    /** A port that a person named is given to nobody else. */
    static void take(int port) {
        OF_THIS_JVM.exclude(port);
    }

    synchronized void exclude(int port) {
        named.add(port);
    }

    synchronized int give() {
        while (true) {
            if (next == end) {
                next = ownBlock();
                end = next + BLOCK;
            }
            int port = next++;
            if (!named.contains(port) && isFree(InetAddress.getLoopbackAddress(), port)) {
                return port;
            }
        }
    }

    /** The first port of a block that belongs to this JVM from now on. */
    private int ownBlock() {
        int from = random.nextInt(BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            int first = LOWEST + (from + i) % BLOCKS * BLOCK;
            try {
                blocks.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), first)));
                return first;
            } catch (SocketException e) {
                // another JVM's, or a server's of somebody else
            }
        }
        throw new IllegalStateException("no free ports from " + LOWEST + " to " + (LOWEST + BLOCKS * BLOCK - 1));
    }

    static boolean isFree(InetAddress address, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true); // a closed connection of an earlier server does not count
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
