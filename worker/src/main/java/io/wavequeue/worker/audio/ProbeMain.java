package io.wavequeue.worker.audio;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The probe as a program: the path of a file on a line of its input, a measurement as JSON on a line of its output, until its
 * input ends. An empty line says that the file cannot be read. Started by {@link ProbeProcess}.
 */
public final class ProbeMain {
    /** The argument without which ffmpeg is not looked for. */
    static final String WITH_FFMPEG = "--ffmpeg";

    private ProbeMain() {}

    /** Ends when its input does, as it does when the worker has died. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream answers = System.out;
        // The libraries print what they think of a file.
        System.setOut(System.err);
        boolean withFfmpeg = arguments.length > 0 && arguments[0].equals(WITH_FFMPEG);
        @Nullable String path = withFfmpeg ? System.getenv("PATH") : null;
        AudioProbe probe = new AudioProbe(path == null ? null : Ffmpeg.on(path).orElse(null));
        ObjectMapper json = new ObjectMapper();
        BufferedReader files = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String file = files.readLine(); file != null; file = files.readLine()) {
            answers.println(answer(probe, file, json));
            answers.flush();
        }
    }

    private static String answer(AudioProbe probe, String file, ObjectMapper json)
            throws IOException, InterruptedException {
        Measurement measured;
        try {
            measured = probe.measure(Path.of(file));
        } catch (IOException unreadable) {
            return "";
        }
        return json.writeValueAsString(measured);
    }
}
