def test_x(open_notebook):
    n = open_notebook("print(1+1)", "import ipywidgets as w; s=w.IntSlider(); s", "print(s.value)")
    n.run_all()
    n.page.wait_for_selector(".widget-slider")
    assert n.text(0) == "2\n"
    assert n.run(2) == "0\n"
    n.restart_kernel()
    assert "NameError" in n.run(2) or "not defined" in n.run(2)
    n.save()
