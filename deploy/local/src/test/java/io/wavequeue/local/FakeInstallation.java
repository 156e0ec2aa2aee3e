package io.wavequeue.local;

import io.wavequeue.local.supervise.FakeProgram;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A repository's folder whose API and worker are {@link FakeProgram}s. */
final class FakeInstallation {

    private FakeInstallation() {}

    static Path in(Path home) throws IOException, URISyntaxException {
        jar(home.resolve("api/target/quarkus-app/quarkus-run.jar"));
        jar(home.resolve("worker/target/quarkus-app/quarkus-run.jar"));
        return home;
    }

    private static void jar(Path path) throws IOException, URISyntaxException {
        Files.createDirectories(path.getParent());
        var classes = FakeProgram.class.getProtectionDomain().getCodeSource().getLocation();
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, FakeProgram.class.getName());
        attributes.put(Attributes.Name.CLASS_PATH, classes.toURI().toString());
        new JarOutputStream(Files.newOutputStream(path), manifest).close();
    }
}
