package io.wavequeue.worker.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server below HTTP libraries: it counts what really arrives, and answers by a script. */
final class CountingServer implements AutoCloseable {
    static final String OK = "{\"code\":200,\"data\":{\"id\":\"abcd1234\",\"status\":\"created\"}}";

    private final ServerSocket listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Queue<Deed> script = new ArrayDeque<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Deed usual = Deed.ANSWER;

    /** What to do once a whole request has been read. */
    enum Deed {
        ANSWER,
        ANSWER_AND_CLOSE,
        CLOSE,
        RESET,
        SILENCE,
        /** Silence until {@link #release}, then the answer. */
        HOLD,
        REDIRECT
    }

    CountingServer(Deed... deeds) throws IOException {
        this(InetAddress.getLoopbackAddress(), 0, deeds);
    }

    /** @param port 0 = any free one */
    CountingServer(InetAddress address, int port, Deed... deeds) throws IOException {
        script.addAll(List.of(deeds));
        listener = new ServerSocket(port, 50, address);
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on requests arrive and nothing comes back, as from an address that has vanished. */
    void fallSilent() {
        usual = Deed.SILENCE;
    }

    /** What it does next, once. */
    void next(Deed deed) {
        synchronized (script) {
            script.add(deed);
        }
    }

    void release() {
        released.countDown();
    }

    int connections() {
        return connections.get();
    }

    /** Requests whose head and body arrived whole. */
    int requests() {
        return requests.get();
    }

    /** The first line of each request. */
    List<String> lines() {
        return lines;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (read(in)) {
                requests.incrementAndGet();
                Deed deed;
                synchronized (script) {
                    deed = script.isEmpty() ? usual : script.remove();
                }
                if (!act(deed, socket)) {
                    return;
                }
            }
        } catch (IOException ended) {
            // The client went away, which is what some tests are about.
        }
    }

    private boolean act(Deed deed, Socket socket) throws IOException {
        switch (deed) {
            case ANSWER -> write(socket, "200 OK", "", OK);
            case ANSWER_AND_CLOSE -> {
                write(socket, "200 OK", "", OK);
                return false;
            }
            case REDIRECT -> write(socket, "307 Temporary Redirect", "location: /elsewhere\r\n", "");
            case CLOSE -> {
                return false;
            }
            case RESET -> {
                socket.setSoLinger(true, 0);
                return false;
            }
            case HOLD -> {
                awaitRelease();
                write(socket, "200 OK", "", OK);
            }
            case SILENCE -> socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        return true;
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(Socket socket, String status, String headers, String body) throws IOException {
        socket.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\n" + headers + "content-length: " + body.length() + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private boolean read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        int length = 0;
        for (String line : head.toString().split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        lines.add(head.substring(0, head.indexOf("\r\n")));
        return in.readNBytes(length).length == length;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
