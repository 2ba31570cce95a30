"""The closing report of an edition (báo cáo tổng kết): one model of it, and four kinds of files made from that model."""
