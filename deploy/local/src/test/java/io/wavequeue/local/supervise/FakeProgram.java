package io.wavequeue.local.supervise;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/** A program of a few lines in place of a real one. */
public final class FakeProgram {

    private FakeProgram() {}

    /** Without a word it serves what a Quarkus program's environment asks for. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments.length == 0 ? "serve" : arguments[0]) {
            case "serve" -> serve();
            case "speak" -> System.out.println("fake ready");
            case "silent" -> System.out.println("nothing to say");
            default -> {
                System.out.println("oh dear");
                System.exit(3);
            }
        }
        new CountDownLatch(1).await();
    }

    private static void serve() throws IOException {
        var address = new InetSocketAddress(
                System.getenv("QUARKUS_HTTP_HOST"), Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT")));
        var server = HttpServer.create(address, 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
