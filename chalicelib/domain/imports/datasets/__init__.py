"""Datasets made by other tools, as tasks with annotations: COCO, YOLO, Pascal VOC, CoNLL."""
