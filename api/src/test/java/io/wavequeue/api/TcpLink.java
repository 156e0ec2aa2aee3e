package io.wavequeue.api;

import io.wavequeue.local.Ports;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes TCP connections on, until it is cut: then those that stand break, and new ones are refused. */
final class TcpLink implements Closeable {
    private final String host;
    private final int targetPort;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;

    private TcpLink(String host, int targetPort, ServerSocket listener) {
        this.host = host;
        this.targetPort = targetPort;
        this.port = listener.getLocalPort();
        this.listener = listener;
    }

    static TcpLink to(String host, int port) throws IOException {
        TcpLink link = new TcpLink(host, port, listen(Ports.free()));
        link.accept();
        return link;
    }

    int port() {
        return port;
    }

    void cut() {
        close(listener);
        sockets.forEach(TcpLink::close);
        sockets.clear();
    }

    void mend() {
        try {
            listener = listen(port);
            accept();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return listener;
    }

    private void accept() {
        ServerSocket open = listener;
        Thread.ofVirtual().start(() -> {
            while (!open.isClosed()) {
                try {
                    Socket near = open.accept();
                    Socket far = new Socket(host, targetPort);
                    sockets.add(near);
                    sockets.add(far);
                    Thread.ofVirtual().start(() -> pass(near, far));
                    Thread.ofVirtual().start(() -> pass(far, near));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // both ends are closed below
        }
        close(from);
        close(to);
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException alreadyClosed) {
            // nothing is left to do
        }
    }
}
