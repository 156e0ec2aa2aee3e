package io.wavequeue.worker.audio;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** WAV of any encoding that the JDK knows: integers of 8 to 32 bits, floats, A-law and µ-law. */
final class WavDecoder implements Decoder {
    private static final int BUFFER = 1 << 16;
    private static final int FLOAT_BITS = 32;

    /** A file that was written to a pipe says that it is as long as a length can be. */
    private static final long PIPED_BYTES = 0xFFFF_0000L;

    @Override
    public void decode(Path file, Findings findings) throws IOException, UnsupportedAudioFileException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            decode(in, findings);
        }
    }

    /** @param in with mark and reset */
    void decode(InputStream in, Findings findings) throws IOException, UnsupportedAudioFileException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Java Sound asks every provider that it finds, and those of the other libraries swallow what they do not know.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            decodeByTheJdk(in, findings);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void decodeByTheJdk(InputStream in, Findings findings)
            throws IOException, UnsupportedAudioFileException {
        try (AudioInputStream coded = AudioSystem.getAudioInputStream(in);
                AudioInputStream samples = AudioSystem.getAudioInputStream(floats(coded.getFormat()), coded)) {
            AudioFormat format = coded.getFormat();
            Meter meter = findings.begin(Math.round(format.getSampleRate()), format.getChannels());
            measure(samples, meter);
            long told = coded.getFrameLength();
            if (told * format.getFrameSize() < PIPED_BYTES && meter.frames() < told) {
                findings.add(Fault.TRUNCATED);
            }
        }
    }

    private static AudioFormat floats(AudioFormat coded) {
        int frameBytes = coded.getChannels() * FLOAT_BITS / Byte.SIZE;
        return new AudioFormat(
                AudioFormat.Encoding.PCM_FLOAT,
                coded.getSampleRate(),
                FLOAT_BITS,
                coded.getChannels(),
                frameBytes,
                coded.getSampleRate(),
                false);
    }

    private static void measure(AudioInputStream samples, Meter meter) throws IOException {
        int frameBytes = samples.getFormat().getFrameSize();
        byte[] bytes = new byte[Math.max(1, BUFFER / frameBytes) * frameBytes];
        FloatBuffer floats =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        for (int read = samples.read(bytes); read > 0; read = samples.read(bytes)) {
            for (int i = 0; i < read / Float.BYTES; i++) {
                meter.take(floats.get(i));
            }
        }
    }
}
