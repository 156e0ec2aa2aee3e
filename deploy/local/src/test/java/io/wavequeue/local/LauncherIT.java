package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a tree of a few files, with a JDK and a Maven that only say how they were called. */
final class LauncherIT {
    private static final Path SCRIPT = Path.of("..", "..", "wavequeue");
    private static final List<String> TOOLS = List.of(
            "bash",
            "sh",
            "cat",
            "compgen",
            "cut",
            "dirname",
            "find",
            "flock",
            "head",
            "ln",
            "mkdir",
            "paste",
            "readlink",
            "rm",
            "sed",
            "sha256sum",
            "sleep",
            "sort",
            "tail",
            "touch",
            "xargs");
    private static final String PROGRAMS =
            "api/target/quarkus-app/quarkus-run.jar worker/target/quarkus-app/quarkus-run.jar "
                    + "deploy/local/target/local-1.jar deploy/local/target/lib/a.jar "
                    + "deploy/simulator/target/simulator-1.jar deploy/simulator/target/lib/a.jar "
                    + "deploy/cli/target/cli-1.jar deploy/cli/target/lib/a.jar "
                    + "deploy/bench/target/bench-1.jar deploy/bench/target/lib/a.jar";

    @TempDir
    private Path folder;

    private Path home = Path.of("unset");
    private Path bin = Path.of("unset");
    private Path jdk = Path.of("unset");

    @BeforeEach
    void lay() throws IOException {
        home = Files.createDirectories(folder.toRealPath().resolve("the home"));
        Files.copy(SCRIPT, home.resolve("wavequeue"));
        for (var module : List.of("common", "api", "worker", "deploy/local", "deploy/simulator", "deploy/cli")) {
            write(home.resolve(module).resolve("pom.xml"), "<project/>");
            write(home.resolve(module).resolve("src/main/java/A.java"), "class A {}");
        }
        write(home.resolve("pom.xml"), "<project/>");
        write(home.resolve(".mvn/jvm.config"), "");
        bin = Files.createDirectories(folder.resolve("bin"));
        for (var tool : TOOLS) {
            for (var place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(bin.resolve(tool))) {
                    program(bin.resolve(tool), "exec " + Path.of(place, tool) + " \"$@\"");
                }
            }
        }
        jdk = folder.resolve("jdks/jdk-25");
        layJdk(jdk, "25.0.1");
    }

    @Test
    void shouldNeedNothingForHelp() throws Exception {
        var help = run(Map.of("WAVEQUEUE_JDK_FOLDERS", ""), "help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.text()).contains("./wavequeue demo", "./wavequeue up", "./wavequeue test");
    }

    @Test
    void shouldSayWhatToInstallWhenThereIsNoJdkOfThatVersion() throws Exception {
        layJdk(folder.resolve("old/jdk-17"), "17.0.9");
        var old = run(
                Map.of("WAVEQUEUE_JDK_FOLDERS", folder.resolve("old").toString(), "JAVA_HOME", folder + "/old/jdk-17"),
                "up");
        assertThat(old.exitCode()).isEqualTo(1);
        assertThat(old.text())
                .isEqualTo(
                        "wavequeue: no JDK 25 or newer was found: install one (for example Eclipse Temurin 25) or let "
                                + "JAVA_HOME name its folder.\n");
    }

    @Test
    void shouldSayThatMavenIsMissingWhenSomethingHasToBeBuilt() throws Exception {
        var launched = run(Map.of(), "up");
        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.text())
                .isEqualTo(
                        "wavequeue: Maven is needed to build and was not found: install it (the command mvn has to be "
                                + "on the PATH).\n");
    }

    @Test
    void shouldShowTheEndOfTheLogWhenTheBuildFails() throws Exception {
        layMaven("echo 'the compiler is unhappy'; exit 1");
        var launched = run(Map.of(), "up");
        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.text())
                .contains("building, the first time takes a few minutes")
                .contains("the compiler is unhappy")
                .endsWith("wavequeue: the build failed; the whole log is in " + home + "/target/wavequeue-build.log\n");
    }

    @Test
    void shouldBuildOnceAndAgainOnlyWhenSomethingChanged() throws Exception {
        layMaven("echo built >> builds.txt; for f in " + PROGRAMS + "; do mkdir -p \"${f%/*}\"; touch \"$f\"; done");
        assertThat(run(Map.of(), "up", "--port", "1").text())
                .contains("building")
                .endsWith(" io.wavequeue.local.Main up --port 1\n");
        assertThat(run(Map.of(), "up").text()).doesNotContain("building").contains("-Dwavequeue.home=" + home);
        assertThat(builds()).isEqualTo(1);

        // As an archive tool leaves it: another content, and an old time.
        write(home.resolve("api/src/main/java/A.java"), "class B {}");
        Files.setLastModifiedTime(home.resolve("api/src/main/java/A.java"), FileTime.fromMillis(0));
        assertThat(run(Map.of(), "jobs", "a b").text()).endsWith(" io.wavequeue.cli.Main jobs a b\n");
        assertThat(builds()).isEqualTo(2);

        Files.delete(home.resolve("common/src/main/java/A.java"));
        run(Map.of(), "demo").exitCode();
        assertThat(builds()).isEqualTo(3);

        Files.delete(home.resolve("deploy/cli/target/cli-1.jar"));
        run(Map.of(), "demo").exitCode();
        assertThat(builds()).isEqualTo(4);

        write(home.resolve("api/src/test/java/ATest.java"), "class ATest {}");
        run(Map.of(), "demo").exitCode();
        assertThat(builds()).isEqualTo(4);
    }

    @Test
    void shouldBuildOnceWhenTwoAreStartedAtOnce() throws Exception {
        layMaven("echo built >> builds.txt; sleep 1; for f in " + PROGRAMS
                + "; do mkdir -p \"${f%/*}\"; touch \"$f\"; done");
        var first = launch(Map.of(), "up");
        var second = launch(Map.of(), "up");
        assertThat(List.of(first.exitCode(), second.exitCode())).containsOnly(0);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void shouldRunTheSuiteWithoutTheKeyAndPassItsExitCodeOn() throws Exception {
        layMaven("echo \"mvn $* key=${WAVESPEED_API_KEY:-none} nested=$WAVEQUEUE_NO_BUILD\"; exit 7");
        var tests = run(Map.of("WAVESPEED_API_KEY", "secret"), "test");
        assertThat(tests.exitCode()).isEqualTo(7);
        assertThat(tests.text()).isEqualTo("mvn -B verify key=none nested=1\n");
    }

    @Test
    void shouldFindItsHomeAndKeepTheCurrentFolderWhenCalledThroughALink() throws Exception {
        layMaven("for f in " + PROGRAMS + "; do mkdir -p \"${f%/*}\"; touch \"$f\"; done");
        var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("..", "the home", "wavequeue"));
        Files.createSymbolicLink(folder.resolve("two"), elsewhere.resolve("one"));
        var launched = Launched.run(elsewhere, environment(Map.of()), "bash", "../two", "up");
        assertThat(launched.exitCode()).isZero();
        assertThat(launched.text())
                .contains("in " + elsewhere.toRealPath() + ":")
                .contains("-Dwavequeue.home=" + home);
    }

    private Launched run(Map<String, String> more, String... words) throws IOException, InterruptedException {
        var launched = launch(more, words);
        launched.exitCode();
        return launched;
    }

    private Launched launch(Map<String, String> more, String... words) throws IOException {
        var command = new String[words.length + 2];
        command[0] = "bash";
        command[1] = home.resolve("wavequeue").toString();
        System.arraycopy(words, 0, command, 2, words.length);
        return Launched.run(folder, environment(more), command);
    }

    private Map<String, String> environment(Map<String, String> more) {
        var environment = new HashMap<>(Map.of(
                "PATH",
                bin.toString(),
                "HOME",
                folder.toString(),
                "WAVEQUEUE_JDK_FOLDERS",
                folder.resolve("jdks") + ""));
        environment.putAll(more);
        return environment;
    }

    private long builds() throws IOException {
        return Files.readString(home.resolve("builds.txt")).lines().count();
    }

    private void layMaven(String body) throws IOException {
        program(bin.resolve("mvn"), body);
    }

    private static void layJdk(Path jdk, String version) throws IOException {
        program(jdk.resolve("bin/java"), "echo \"java in $PWD: $*\"");
        program(jdk.resolve("bin/javac"), "exit 0");
        write(jdk.resolve("release"), "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private static void program(Path path, String body) throws IOException {
        write(path, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
