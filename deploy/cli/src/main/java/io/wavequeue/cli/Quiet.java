package io.wavequeue.cli;

import io.wavequeue.cli.clip.ClipProgress;

/** Shows nothing: the reader is a program. */
final class Quiet implements ClipProgress {

    @Override
    public void show(int done, int all, int sent) {}

    @Override
    public void close() {}
}
