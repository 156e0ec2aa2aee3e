package io.wavequeue.test;

import io.wavequeue.local.Ports;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Stands between programs and PostgreSQL. It can be away, as a database is that nobody reaches; and it can lose the reply
 * to a COMMIT: the server has committed, the connection ends, and the program never hears of it.
 *
 * <p>Which COMMIT, is said by a piece of the SQL that ran in its transaction and found rows. For that it reads the
 * protocol's messages: {@code Parse} names a statement, {@code Bind} uses it, {@code CommandComplete} tells what it did.
 */
public final class DatabaseLink implements AutoCloseable {
    private static final String SCHEME = "jdbc:";
    /** More than all programs have connections: none may wait because the test's machine is busy. */
    private static final int BACKLOG = 1_024;

    private final URI target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> losses = new ConcurrentHashMap<>();
    private volatile ServerSocket listener;

    private DatabaseLink(URI target, ServerSocket listener) {
        this.target = target;
        this.port = listener.getLocalPort();
        this.listener = listener;
    }

    public static DatabaseLink to(String jdbcUrl) {
        try {
            DatabaseLink link = new DatabaseLink(URI.create(jdbcUrl.substring(SCHEME.length())), listen(Ports.free()));
            link.accept(link.listener);
            return link;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The same database by way of this link. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:%d%s?%s&sslmode=disable&gssEncMode=disable"
                .formatted(port, target.getPath(), target.getQuery());
    }

    /** Loses the reply to the next so many COMMITs of transactions that ran SQL with this piece in it. */
    public void loseCommits(String piece, int times) {
        losses.put(piece, new AtomicInteger(times));
    }

    /** How many of the ordered losses have not happened yet, by piece. */
    public Map<String, Integer> left() {
        Map<String, Integer> left = new HashMap<>();
        losses.forEach((piece, times) -> {
            if (times.get() > 0) {
                left.put(piece, times.get());
            }
        });
        return left;
    }

    public void loseNoMore() {
        losses.clear();
    }

    /** Ends all connections and refuses new ones until {@link #mend}. */
    public void cut() {
        close(listener);
        sockets.forEach(DatabaseLink::close);
        sockets.clear();
    }

    public void mend() {
        try {
            listener = listen(port);
            accept(listener);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        cut();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        return listener;
    }

    private void accept(ServerSocket open) {
        Thread.ofVirtual().name("database-link").start(() -> {
            while (!open.isClosed()) {
                try {
                    Socket near = open.accept();
                    Thread.ofVirtual().start(() -> join(open, near));
                } catch (IOException cut) {
                    // the loop's condition says whether it was this listener
                }
            }
        });
    }

    private void join(ServerSocket open, Socket near) {
        Socket far = new Socket();
        sockets.add(near);
        sockets.add(far);
        try {
            far.connect(new InetSocketAddress(target.getHost(), target.getPort()));
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
        } catch (IOException refused) {
            end(near, far);
            return;
        }
        if (open.isClosed()) {
            end(near, far); // it was cut meanwhile
        }
        Session session = new Session();
        Thread.ofVirtual().start(() -> pass(near, far, true, session));
        Thread.ofVirtual().start(() -> pass(far, near, false, session));
    }

    private void pass(Socket from, Socket to, boolean asking, Session session) {
        try {
            var in = new DataInputStream(new BufferedInputStream(from.getInputStream(), 1 << 16));
            var out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream(), 1 << 16));
            if (asking) {
                passBody(in, out); // the first message has no type
            }
            while (true) {
                int type = in.read();
                if (type < 0) {
                    break;
                }
                byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
                if (asking) {
                    session.asked(type, body);
                } else if (session.isToBeLost(type, body)) {
                    break;
                }
                out.writeByte(type);
                out.writeInt(body.length + Integer.BYTES);
                out.write(body);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException cut) {
            // both ends are closed below
        }
        end(from, to);
    }

    private static void passBody(DataInputStream in, DataOutputStream out) throws IOException {
        int length = in.readInt();
        out.writeInt(length);
        out.write(in.readNBytes(length - Integer.BYTES));
        out.flush();
    }

    /** One connection: the statements it has named, those under way, and the pieces that did something since its last COMMIT. */
    private final class Session {
        private final Map<String, String> statements = new ConcurrentHashMap<>();
        private final Queue<Set<String>> underWay = new ConcurrentLinkedQueue<>();
        private final Set<String> ran = new HashSet<>();

        void asked(int type, byte[] body) {
            if (type == 'P') {
                String name = text(body, 0);
                statements.put(name, text(body, name.length() + 1));
            } else if (type == 'B') {
                String sql = statements.getOrDefault(text(body, text(body, 0).length() + 1), "");
                underWay.add(losses.keySet().stream().filter(sql::contains).collect(Collectors.toSet()));
            }
        }

        /** Strikes one order per lost reply, whatever else ran in that transaction. */
        boolean isToBeLost(int type, byte[] body) {
            if (type == 'Z') {
                underWay.clear(); // what an error has skipped
            }
            if (type != 'C') {
                return false;
            }
            String done = text(body, 0);
            Set<String> pieces = underWay.poll();
            if (pieces != null && !done.endsWith(" 0")) {
                ran.addAll(pieces);
            }
            boolean lost = done.equals("COMMIT") && ran.stream().anyMatch(this::take);
            if (done.equals("COMMIT") || done.equals("ROLLBACK")) {
                ran.clear();
            }
            return lost;
        }

        private boolean take(String piece) {
            AtomicInteger left = losses.get(piece);
            return left != null && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
        }
    }

    private static String text(byte[] body, int from) {
        int end = from;
        while (body[end] != 0) {
            end++;
        }
        return new String(body, from, end - from, StandardCharsets.UTF_8);
    }

    private void end(Socket one, Socket other) {
        close(one);
        close(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException alreadyClosed) {
            // nothing is left to do
        }
    }
}
