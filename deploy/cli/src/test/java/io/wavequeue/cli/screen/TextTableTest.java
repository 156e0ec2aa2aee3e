package io.wavequeue.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.cli.screen.TextTable.Column;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    private final TextTable table = new TextTable(List.of(Column.left("cue"), Column.right("cost"), Column.left("f")));

    @Test
    void shouldAlignColumnsWhenCellsDifferInLength() {
        assertThat(table.row("a", "1.5", "x").row("long name", "10.25", "-").lines())
                .containsExactly(
                        "cue         cost  f", "-------------------", "a            1.5  x", "long name  10.25  -");
    }

    @Test
    void shouldNotWidenColumnWhenNoteIsLong() {
        assertThat(table.row("a", "1", "x")
                        .note("because of a\u001b[2J very\nlong story")
                        .rule()
                        .lines())
                .containsExactly(
                        "cue  cost  f",
                        "------------",
                        "a       1  x",
                        "  because of a [2J very long story",
                        "------------");
    }

    @Test
    void shouldRefuseWhenRowHasAnotherNumberOfCells() {
        assertThatThrownBy(() -> table.row("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 cells in a table of 3");
    }
}
