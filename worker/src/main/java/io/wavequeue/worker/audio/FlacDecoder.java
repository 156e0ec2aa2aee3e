package io.wavequeue.worker.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jflac.ChannelData;
import org.jflac.FLACDecoder;
import org.jflac.FrameListener;
import org.jflac.frame.Frame;
import org.jflac.metadata.Metadata;
import org.jflac.metadata.StreamInfo;

/** FLAC, by jFLAC. Each frame's checksum is compared. */
final class FlacDecoder implements Decoder {
    @Override
    public void decode(Path file, Findings findings) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            FLACDecoder decoder = new FLACDecoder(in);
            decoder.readMetadata();
            StreamInfo info = decoder.getStreamInfo();
            if (info == null) {
                throw new IOException("the file does not say what it holds");
            }
            Meter meter = findings.begin(info.getSampleRate(), info.getChannels());
            decoder.addFrameListener(new Complaints(findings));
            decodeFrames(decoder, info, meter);
            if (decoder.getBadFrames() > 0) {
                findings.add(Fault.DAMAGED);
            }
            if (meter.frames() < info.getTotalSamples()) {
                findings.add(Fault.TRUNCATED);
            }
        }
    }

    /** What follows the last sample that the file tells of is no audio. */
    private static void decodeFrames(FLACDecoder decoder, StreamInfo info, Meter meter) throws IOException {
        float scale = 1f / ((1L << (info.getBitsPerSample() - 1)) - 1);
        long total = info.getTotalSamples();
        while (total == 0 || meter.frames() < total) {
            Frame frame = decoder.readNextFrame();
            if (frame == null) {
                return;
            }
            if (frame.header.channels != meter.channels()) {
                throw new IOException("the number of channels changes");
            }
            measure(decoder.getChannelData(), frame.header.blockSize, scale, meter);
        }
    }

    private static void measure(ChannelData[] channels, int samples, float scale, Meter meter) {
        for (int i = 0; i < samples; i++) {
            for (int channel = 0; channel < meter.channels(); channel++) {
                meter.take(channels[channel].getOutput()[i] * scale);
            }
        }
    }

    /** A frame whose checksum is wrong is silent, and complained of here alone. */
    private record Complaints(Findings findings) implements FrameListener {
        @Override
        public void processMetadata(Metadata metadata) {}

        @Override
        public void processFrame(Frame frame) {}

        @Override
        public void processError(String message) {
            findings.add(Fault.DAMAGED);
        }
    }
}
