"""A form for a narrow panel: labels above their fields at every text size."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout

from ui.widgets.form import Form

__all__ = ["NarrowForm"]


class NarrowForm(Form):
    """Labels above fields, where a label beside its field would leave no room."""

    def restyle(self) -> None:
        """Compute gaps and the place of the labels again."""
        super().restyle()
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for label, _spec in self._labels:
            label.setMinimumSize(0, 0)
            label.setMaximumWidth(16_777_215)
        for editor in self.editors.values():
            if isinstance(editor.field, QComboBox):
                editor.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                editor.field.setMinimumContentsLength(8)
