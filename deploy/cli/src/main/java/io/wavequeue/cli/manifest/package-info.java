/**
 * A manifest on this machine and the side file beside it. In come the two files and what the options say; out goes a copy of
 * the manifest that the API can take as it is: in the same form and on the same lines, what lines leave out filled in, and
 * local source clips replaced by references.
 *
 * <p>The manifest is streamed: what is kept in memory are the distinct names of local clips and the faults. Whether a line
 * makes sense is the API's to say; only what would keep a line from being copied is a fault here.
 */
@NullMarked
package io.wavequeue.cli.manifest;

import org.jspecify.annotations.NullMarked;
